import io

import numpy as np
import pytest
from PIL import Image

import gan_atelier
from gan_atelier import Stylizer, errors


@pytest.fixture
def stylizer(page):
    made = Stylizer("monet", side=64)
    there = page(made)
    there.say("hello")

    def paint(args, buffers):
        picture = Image.open(io.BytesIO(buffers[0]))
        out = io.BytesIO()
        picture.convert("RGB").save(out, "PNG")
        there.seen = (args, picture)
        return {"width": picture.width}, [out.getvalue()]

    there.answers["stylize"] = paint
    made.there = there
    return made


def test_pictures_go_as_they_are_and_come_back_as_pictures(stylizer, tmp_path):
    grey, colour = np.linspace(0, 1, 600).reshape(20, 30), np.zeros((20, 30, 3), np.uint8) + 7
    Image.fromarray(colour).save(tmp_path / "photo.png")
    for image in [grey, colour, Image.fromarray(colour), tmp_path / "photo.png", str(tmp_path / "photo.png"), grey > 0.5]:
        painting = stylizer(image)
        assert painting.size == (30, 20) and painting.mode == "RGB"
    assert stylizer.there.seen[0] == {"direction": "b", "strength": 1.0, "size": "photo", "name": "array", "side": 64}
    assert np.asarray(stylizer(grey))[-1, -1].tolist() == [255, 255, 255]


def test_modes_that_pillow_would_cut_off_are_scaled(stylizer):
    ramp = np.linspace(0, 1, 600).reshape(20, 30)
    deep = np.rint(ramp * 65535)
    for image in [Image.fromarray(deep.astype(np.uint16)), Image.fromarray(deep.astype(np.int32)), Image.fromarray(ramp.astype(np.float32))]:
        stylizer(image)
        seen = np.asarray(stylizer.there.seen[1].convert("L"))
        assert np.abs(seen - ramp * 255).max() <= 1, image.mode
    with pytest.raises(errors.InvalidData, match="from 0 to 1"):
        stylizer(Image.fromarray(np.full((9, 9), 2, np.float32)))


def test_a_palette_keeps_its_transparency(stylizer):
    palette = Image.new("P", (30, 20), 1)
    palette.putpalette([0, 0, 0, 10, 20, 30])
    palette.info["transparency"] = bytes([255, 0])
    stylizer(palette)
    assert stylizer.there.seen[1].convert("RGBA").getpixel((3, 3))[3] == 0


def test_what_it_cannot_paint_is_refused_before_it_is_sent(stylizer, tmp_path):
    for image, kind, said in [
        (np.zeros((3, 4, 5, 6)), errors.InvalidData, "shape"), (np.zeros((4, 4)) - 1, errors.InvalidData, "0 to 255"),
        (np.array([[0.5, np.nan]]), errors.InvalidData, r"image\[0, 1\] is nan"), (tmp_path / "no.jpg", errors.UnsupportedImage, "no file"),
    ]:
        with pytest.raises(kind, match=said):
            stylizer(image)
    photo = np.zeros((8, 8))
    for options, said in [
        ({"direction": "c"}, "'a' or 'b'"), ({"size": "huge"}, "photo, working, exact"), ({"strength": 2}, "0 to 1"), ({"strength": {"color": 1}}, "luminance and colour"),
    ]:
        with pytest.raises(errors.InvalidConfig, match=said):
            stylizer(photo, **options)
    with pytest.raises(errors.InvalidConfig, match="16 to 4096"):
        Stylizer("monet", side=8)


def test_no_face_is_in_the_package():
    assert all(card["kind"] == "cyclegan" for card in gan_atelier.painters().values())
