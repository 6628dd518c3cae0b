import numpy as np
import pytest

from gan_atelier import Trainer, errors
from gan_atelier._data import MOST_POINTS, own_data


def own(data, labels=None, family=None, dataset=None):
    return own_data(data, labels, family, dataset)


def test_points_are_scaled_into_the_square_and_told_how_to_come_back():
    points = np.stack([np.linspace(100, 200, 5000), np.linspace(-3, 3, 5000)], axis=1)
    brought = own(points)
    assert (brought.kind, brought.family, brought.dataset, brought.shape) == ("points", "gan", "drawn", (MOST_POINTS, 2))
    values = np.frombuffer(brought.data, np.float32).reshape(-1, 2)
    assert np.abs(values).max() <= 0.9501
    axes = np.array(brought.scale["axes"])
    back = values * axes[:, 1] + axes[:, 0]
    assert np.allclose(back[0], points[0], atol=0.01) and np.allclose(back[-1], points[-1], atol=0.1)
    assert brought.scale["brought"] == 5000
    # A column that never changes is no division by nothing.
    assert np.isfinite(np.frombuffer(own(np.ones((9, 2))).data, np.float32)).all()


def test_shape_and_type_say_what_it_is():
    assert own(np.zeros((5, 9, 10), np.uint8)).family == "dcgan"
    assert own(np.zeros((5, 9, 10), np.uint8), [0, 1, 0, 1, 0]).family == "acgan"
    assert own(np.zeros((5, 9, 10, 3))).shape == (5, 9, 10, 3)
    assert (own(np.zeros((5, 9))).kind, own(np.zeros((5, 9, 2)), family="rgan").kind) == ("sequences", "sequences")
    assert own(np.zeros((5, 9)), ["b", "a", "b", "a", "a"]).labels == [1, 0, 1, 0, 0]
    for names in (np.array(["b", "a", "b"], object), np.array([b"b", b"a", b"b"], object), np.array([7, 3, 7], object)):
        assert own(np.zeros((3, 9)), names).labels == [1, 0, 1]
    assert np.frombuffer(own(np.ones((2, 8, 8, 3))).data, np.uint8).max() == 255
    assert np.frombuffer(own(np.ones((2, 8, 8), bool)).data, np.uint8).min() == 255


@pytest.mark.parametrize(
    "data, options, place, said",
    [
        ([[1, 2], [3, float("nan")], [float("inf"), 1]] * 4, {}, "data[1, 1]", "is nan, not a number"),
        (np.zeros((4, 8, 8, 3)) + 2, {}, "data[0, 0, 0, 0]", "0 to 255"),
        (np.full((4, 8, 8), -1), {}, "data[0, 0, 0]", "0 to 255"),
        (np.zeros((4, 8, 8, 2)), {}, "data", "shape (4, 8, 8, 2)"),
        (np.zeros((4, 3)), {"family": "gan"}, "data", "shape (4, 3)"),
        ([["a", "b"]] * 9, {}, "data", "not numbers"),
        ([[1, 2], [3]], {}, "data", "one array"),
        (np.zeros((0, 2)), {}, "data", "empty"),
        (np.zeros((7, 2)), {}, "data", "fewer than 8"),
        (np.zeros((1, 8, 8), np.uint8), {}, "data", "One picture"),
        (np.zeros((4, 4, 8), np.uint8), {}, "data", "8 to 4096"),
        (np.zeros((4, 5, 65)), {"family": "rgan"}, "data", "at most 64"),
        (np.zeros((4, 8, 8), np.uint8), {"labels": [1, 2]}, "labels", "4 rows"),
        (np.zeros((4, 8, 8), np.uint8), {"labels": [1, 2, 0.5, 1]}, "labels[2]", "whole number or a name"),
        (np.zeros((4, 8, 8), np.uint8), {"labels": [1, 2, float("nan"), 1]}, "labels[2]", "nan"),
    ],
)
def test_what_cannot_be_learned_from_is_named_by_its_place(data, options, place, said):
    with pytest.raises(errors.InvalidData) as caught:
        Trainer(data=data, **options)
    assert caught.value.details["place"] == place
    assert said in str(caught.value)


def test_what_may_be_two_things_is_asked():
    with pytest.raises(errors.InvalidConfig, match="family='dcgan' or family='rgan'"):
        own(np.zeros((4, 8, 8)))
    with pytest.raises(errors.Unsupported, match="'gan'"):
        own(np.zeros((9, 2)), family="dcgan")
    with pytest.raises(errors.InvalidConfig, match="no dataset to choose"):
        own(np.zeros((9, 2)), dataset="ring")
    with pytest.raises(errors.InvalidConfig, match="Points have no labels"):
        own(np.zeros((9, 2)), labels=[0] * 9)
    assert Trainer(data=np.zeros((4, 24))).settings["sequence_length"] == 24
