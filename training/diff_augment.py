"""One random change of colours and place for real and made pictures alike, through which gradients flow.

Zhao et al., "Differentiable Augmentation for Data-Efficient GAN Training", 2020: brightness, saturation and translation, each milder
than published, since colours and composition are what these translators are to learn.
"""

import torch.nn.functional as F

BRIGHTNESS, GAIN, SATURATION, SHIFT = 0.1, 0.15, 0.25, 1 / 16


class Augmentation:
    """Drawn once, then the same for every batch that passes."""

    def __init__(self, random):
        self.brightness, gain, saturation, down, right = random.uniform(-1, 1, 5)
        self.gain, self.saturation, self.shift = 1 + GAIN * gain, 1 + SATURATION * saturation, (down, right)

    def __call__(self, x):
        """[n, 3, h, w] in -1..1 to the same shape."""
        grey = x.mean(1, keepdim=True)
        x = ((x - grey) * self.saturation + grey) * self.gain + BRIGHTNESS * self.brightness
        rows, columns = (round(SHIFT * shift * size) for shift, size in zip(self.shift, x.shape[2:]))
        most = max(abs(rows), abs(columns))
        if most == 0:
            return x
        height, width = x.shape[2:]
        return F.pad(x, (most,) * 4, mode="reflect")[:, :, most + rows : most + rows + height, most + columns : most + columns + width]
