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
    return {
        **{name: percent(name) for name in names},
        **{name: number(name) for name in ("yaw_error_deg", "regressor_error_deg")},
        **{name: quality[name] for name in facts},
        **{f"sharp_{name}": quality.get("sharpened", {}).get(name, UNKNOWN) for name in sharpened},
        "megabytes": round(sum(entry["files"][name]["bytes"] for name in ("encoder", "decoder", "finder")) / 1e6, 1),
        **{f"find_{name}": value for name, value in finding(quality["finder"]).items()},
        "find_kilobytes": round(entry["files"]["finder"]["bytes"] / 1000),
    }


def finding(measured):
    """What finder.py --measure printed, as the card tells it."""
    percent = lambda *shares: f"{100 * sum(shares) / len(shares):.1f}".removesuffix(".0")
    told = {"crowded": percent(measured["of a crowd"]), "hours": f"{measured['seconds'] / 3600:.1f}"}
    for kind in ("frontal", "profile"):
        off = measured[f"{kind} off"]
        told |= {kind: percent(measured[f"{kind} as it lies"]), f"least_{kind}": percent(measured[f"{kind} at 24 px"]),
                 f"small_{kind}": percent(*(measured[f"{kind} at {side} px"] for side in (48, 96, 160))),
                 f"{kind}_middle": percent(off["middle"]), f"{kind}_side": percent(off["size"]),
                 f"{kind}_roll": f"{off['roll_deg']:.1f}", f"{kind}_yaw": f"{off['yaw_deg']:.1f}"}
    return told | {name: measured[name] for name in ("frontal_photos", "profile_photos", "landscapes", "false", "steps")}


def write(models, entry):
    card = TEMPLATE.read_text(encoding="utf-8").format(**figures(entry))
    known = [line for line in card.splitlines() if UNKNOWN not in line]
    (models / entry["card"]).write_text("\n".join(known) + "\n", encoding="utf-8")
