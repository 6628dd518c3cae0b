// What stands above a lesson in a course platform.
export default {
  scorm: {
    none: 'No course platform answers here, so nothing is recorded. The lesson works all the same.',
    ready: 'The course platform answers; what you reach is recorded there.',
    recorded: 'Recorded by the course platform: {reached} of {count} goals.',
    looking: 'Opened for a look only: nothing is recorded this time.',
    refused: 'The course platform did not take everything: {list}. The lesson works all the same.',
  },
}
