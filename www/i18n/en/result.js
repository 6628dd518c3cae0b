export default {
  result: {
    heading: 'Hand in what you reached',
    text: 'A small file with this lesson, its goals and the steps at which you reached them, the seed and the settings. It is made in this tab and goes nowhere until you hand it in.',
    name: 'Your name, if your teacher asks for it',
    save_json: 'Save as JSON',
    save_csv: 'Save as CSV',
    saved: 'Saved as {name}.',
  },
}
