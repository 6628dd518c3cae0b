"""The card of the shipped faces, from what models.json knows of them: who trained what for how long (`quality`), and what was found (`judged`)."""

import pathlib

# Lines of the card that need a figure which nobody measured are left out.
UNKNOWN = "?"
TEMPLATE = pathlib.Path(__file__).parent / "cards/faces.md"


def figures(entry):
    """Everything that the card's template asks for; what was not judged is UNKNOWN."""
    quality, judged = entry["quality"], entry["judged"]
    percent = lambda name: f"{100 * judged[name]:.1f}" if name in judged else UNKNOWN
    number = lambda name: f"{judged[name]:.1f}" if name in judged else UNKNOWN
    names = ("ff", "fp", "ff_hog", "fp_hog", "single", "fused4", "identity", "identity_real_profiles", "ff_se", "fp_se")
    facts = ("people", "photos", "turned", "steps", "minutes", "encoder_steps", "encoder_minutes", "torch")
    sharpened = ("steps", "minutes", "people", "photos", "turned", "gradient", "gradient_before", "frechet", "frechet_before")
    aligner = quality["aligner"]
    return {
        **{name: percent(name) for name in names},
        **{name: number(name) for name in ("yaw_error_deg", "regressor_error_deg")},
        **{name: quality[name] for name in facts},
        **{f"sharp_{name}": quality.get("sharpened", {}).get(name, UNKNOWN) for name in sharpened},
        "megabytes": round(sum(entry["files"][name]["bytes"] for name in ("encoder", "decoder", "aligner")) / 1e6, 1),
        "centre": round(100 * aligner["centre"]), "size": round(100 * aligner["size"]), "roll": aligner["roll_deg"], "yaw": aligner["yaw_deg"],
    }


def write(models, entry):
    card = TEMPLATE.read_text(encoding="utf-8").format(**figures(entry))
    known = [line for line in card.splitlines() if UNKNOWN not in line]
    (models / entry["card"]).write_text("\n".join(known) + "\n", encoding="utf-8")
