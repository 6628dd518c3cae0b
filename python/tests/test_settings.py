import pytest

import gan_atelier
from gan_atelier import Trainer, errors


def test_what_is_unknown_is_refused_with_the_nearest_name():
    for call, near in [
        (lambda: Trainer(learning_rat_g=0.1), "learning_rate_g"),
        (lambda: Trainer(dataset="rinng"), "ring"),
        (lambda: Trainer(family="acgann"), "acgan"),
        (lambda: Trainer(loss="hinges"), "hinge"),
    ]:
        with pytest.raises(errors.InvalidConfig, match=f"Did you mean '{near}'"):
            call()
    with pytest.raises(errors.Unsupported, match="Did you mean 'monet'"):
        gan_atelier.Stylizer("monett")


@pytest.mark.parametrize(
    "settings, wanted",
    [
        ({"batch_size": 4}, "8 to 1024"), ({"batch_size": 8.5}, "a whole number"), ({"learning_rate_d": float("nan")}, "1e-05 to 1"),
        ({"learning_rate_d": "fast"}, "a number"), ({"spectral_norm": 1}, "True or False"), ({"seed": -1}, "0 to"), ({"steps": 0}, "at least 1"),
        ({"count": 5000}, "1 to 4096"), ({"labels": [1]}, "data="), ({"dataset": "drawn"}, "data="), ({"language": "fr"}, "zh-Hant"),
    ],
)
def test_a_value_out_of_range_says_what_is_in_range(settings, wanted):
    with pytest.raises(errors.InvalidConfig, match=wanted):
        Trainer(**settings)


def test_settings_come_from_the_engine_s_schema():
    import numpy as np

    known = gan_atelier.settings("gan")
    assert known["loss"]["choices"][0] == "non_saturating" and known["batch_size"]["max"] == 1024
    assert gan_atelier.families() == ["gan", "dcgan", "acgan", "rgan", "cyclegan", "drgan"]
    trainer = Trainer(batch_size=np.int64(64), learning_rate_g=np.float32(0.5))
    assert trainer.settings == {"family": "gan", "seed": 7, "batch_size": 64, "learning_rate_g": 0.5}
    assert type(trainer.settings["batch_size"]) is int


def test_every_stable_code_has_its_class():
    for code in errors.codes:
        error = errors.error_of(code, "said", {"a": 1})
        assert (error.code, error.message, error.details, type(error).__name__) == (code, "said", {"a": 1}, code)
    assert errors.error_of("Later", "x").code == "Internal"
    assert issubclass(errors.InvalidData, ValueError) and issubclass(errors.NoPage, errors.Unsupported)
