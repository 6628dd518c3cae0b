// What an embedded element says before anything of it is fetched; small, since every page that embeds one loads it.
export default {
  poster: {
    trainer: 'Two networks compete on this page: one forges, one appraises.',
    trainer_start: 'Start the contest',
    trainer_load: 'Fetches about 1 MB, once.',
    lesson: 'A lesson with two live networks, and a goal to reach.',
    lesson_start: 'Open the lesson',
    lesson_load: 'Fetches about 1 MB, once.',
    stylizer: 'A network that has studied paintings repaints your photo.',
    stylizer_start: 'Set up the easel',
    stylizer_load: 'Fetches 5 to 10 MB, once.',
    rotator: 'A network that draws the face in your photo from any side.',
    rotator_start: 'Set up the mirror',
    rotator_load: 'Fetches about 8 MB, once.',
    private: 'Computed on your own device; nothing is uploaded.',
    waiting: 'One moment…',
    failed: 'This could not be opened: {message}',
    again: 'Try again',
    unread: 'For whoever set this up: {list} cannot be used here, and was left out.',
  },
}
