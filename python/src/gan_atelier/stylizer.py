"""A painter of photos in the notebook's page."""

from __future__ import annotations

import io
import json
import os
from pathlib import Path
from typing import Any, Mapping, Union

import numpy as np
from numpy.typing import ArrayLike
from PIL import Image, ImageOps

from ._data import as_array
from ._schema import nearest, part
from ._widget import Widget
from .errors import InvalidConfig, InvalidData, Unsupported, UnsupportedImage

_sizes = ("photo", "working", "exact")


def painters() -> dict[str, dict[str, Any]]:
    """The painters that this package carries, by their ids, with their cards."""
    return {card["id"]: card for card in json.loads(part("models/models.json"))}


def _encoded(image: Image.Image) -> bytes:
    upright = ImageOps.exif_transpose(image)
    if upright.mode[0] in "IF":
        # Pillow would cut such numbers off at 255.
        upright = _eight_bit(np.asarray(upright), upright.mode)
    clear = "A" in upright.getbands() or "transparency" in upright.info
    buffer = io.BytesIO()
    # Fast: it goes to a page of this machine, or to a browser that waits.
    upright.convert("RGBA" if clear else "RGB").save(buffer, "PNG", compress_level=1)
    return buffer.getvalue()


def _eight_bit(array: np.ndarray, mode: str) -> Image.Image:
    """A picture of one channel: of 16 bits (also those that Pillow keeps in 32), or of real numbers from 0 to 1."""
    most = 1 if mode == "F" else 255 if mode == "I" and array.max(initial=0) <= 255 else 65535
    if not (0 <= array.min(initial=0) and array.max(initial=0) <= most):
        raise InvalidData(f"A picture of the mode {mode} holds numbers from 0 to {most}.", {"place": "image", "reason": "range"})
    return Image.fromarray(np.rint(array * (255 / most)).astype(np.uint8))


def _photo(image: Any) -> tuple[bytes, str]:
    """A picture's file as the page decodes it, and what it is called."""
    if isinstance(image, Image.Image):
        return _encoded(image), "photo"
    if isinstance(image, (str, os.PathLike)):
        path = Path(image)
        if not path.is_file():
            raise UnsupportedImage(f"There is no file {path}.", {"reason": "missing", "path": str(path)})
        return path.read_bytes(), path.name
    array = as_array(image, "image")
    if array.ndim not in (2, 3) or (array.ndim == 3 and array.shape[2] not in (1, 3, 4)):
        raise InvalidData(
            f"A picture is an array (height, width), (height, width, 3) or (height, width, 4), not of the shape {array.shape}.",
            {"place": "image", "reason": "shape", "shape": list(array.shape)},
        )
    most = 1 if array.dtype.kind == "f" else 255
    if array.dtype == np.bool_:
        array, most = array.astype(np.uint8), 1
    if array.min() < 0 or array.max() > most:
        raise InvalidData("A picture holds whole numbers from 0 to 255, or real ones from 0 to 1.", {"place": "image", "reason": "range"})
    pixels = np.rint(array * (255 / most)).astype(np.uint8)
    return _encoded(Image.fromarray(pixels[..., 0] if pixels.ndim == 3 and pixels.shape[2] == 1 else pixels)), "array"


def _share(name: str, value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float, np.integer, np.floating)) or not 0 <= value <= 1:
        raise InvalidConfig(f"`{name}` is 0 to 1, not {value!r}.", {"field": name, "value": repr(value)})
    return float(value)


class Stylizer(Widget):
    """A network that has studied paintings repaints photos, in the notebook's page. Shown, it also takes photos by hand.

    :param model: ``'monet'``, ``'vangogh'`` or ``'horse2zebra'``: :func:`gan_atelier.painters` lists them.
    :param side: pixels of the longer side while painting, 16 to 4096: the size of the brush. Left out, 256.
    :param language: ``'en'`` or ``'zh-Hant'``; left out, the browser's.
    """

    def __init__(self, model: str = "monet", side: int | None = None, *, language: str | None = None) -> None:
        known = painters()
        if model not in known:
            raise Unsupported(f"There is no model {model!r}; there are {', '.join(known)}.{nearest(str(model), known)}", {"reason": "model", "model": model})
        if side is not None and (isinstance(side, bool) or not isinstance(side, (int, np.integer)) or not 16 <= side <= 4096):
            raise InvalidConfig(f"`side` is a whole number from 16 to 4096, not {side!r}.", {"field": "side", "value": repr(side)})
        self.model = model
        self.side = None if side is None else int(side)
        self._both = "ba" in known[model]["files"]
        super().__init__("stylizer", language)

    def __call__(
        self,
        image: Image.Image | ArrayLike | str | "os.PathLike[str]",
        *,
        direction: str = "b",
        strength: Union[float, Mapping[str, float]] = 1.0,
        size: str = "photo",
    ) -> Image.Image:
        """Paints. Waits until it is done; the page shows how far it is.

        :param image: a PIL image, an array ``(height, width)``, ``(height, width, 3)`` or ``(height, width, 4)``, whole numbers from 0 to 255
            or real ones from 0 to 1, or the path of a picture's file.
        :param direction: the domain to arrive in: ``'b'``, the painting, or ``'a'``, the photo.
        :param strength: 0, the photo, to 1, the painting, or ``{'luminance': …, 'colour': …}`` apart.
        :param size: of the result: ``'photo'``, its own; ``'working'``, the size that is painted at; ``'exact'``, the network itself at the
            photo's own size.
        :returns: an RGB image.
        """
        if direction not in ("a", "b"):
            raise InvalidConfig(f"`direction` is 'a' or 'b', not {direction!r}.", {"field": "direction", "value": repr(direction)})
        if direction == "a" and not self._both:
            raise Unsupported(f"Of the painter {self.model!r} this package carries one direction only.", {"reason": "one_direction"})
        if size not in _sizes:
            raise InvalidConfig(f"`size` is one of {', '.join(_sizes)}, not {size!r}.", {"field": "size", "value": repr(size)})
        if isinstance(strength, Mapping):
            odd = next((key for key in strength if key not in ("luminance", "colour")), None)
            if odd is not None:
                raise InvalidConfig(f"`strength` has luminance and colour, not {odd!r}.", {"field": "strength", "value": repr(odd)})
            shares: Any = {key: _share(f"strength[{key!r}]", value) for key, value in strength.items()}
        else:
            shares = _share("strength", strength)
        photo, name = _photo(image)
        args = {"direction": direction, "strength": shares, "size": size, "name": name, **({"side": self.side} if self.side else {})}
        call = self._ask("stylize", args, [photo], key=("stylize", hash(photo), json.dumps(args)))
        made = Image.open(io.BytesIO(call.answer[0]))
        made.load()
        return made.convert("RGB")

    def _beginning(self) -> tuple[dict[str, Any], list[bytes]]:
        return {"model": self.model, "side": self.side}, []


__all__ = ["Stylizer", "painters"]
