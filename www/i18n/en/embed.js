export default {
  embed: {
    label_trainer: 'A training in progress',
    label_stylizer: 'Photo painter',
    label_rotator: 'Turning a face',
    square: 'Adjust the square',
    open: 'Open in GAN Atelier',
    painter: 'Painter',
    direction: 'Direction',
    way: '{from} → {to}',
    save: 'Save the picture',
    other: 'Another photo',
    painting: 'Painting…',
    bad_attribute: 'Part of what this element was given could not be used: {list}.',
  },
}
