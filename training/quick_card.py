"""What a pair's card says of its quick painters: a row in the table of each language, from figures that were measured."""

ROWS = {
    "| Licence |": "| Quick painters | for the live camera: networks of the same kind with {filters} filters and {blocks} blocks, {kilobytes} KB each (f16), taught by these two "
    "(`training/distill.py`) in {steps} steps, {core_hours} core hours. On the test pictures they differ from them by {teacher_ab} and {teacher_ba} "
    "there and back, where these change a picture by {change_ab} and {change_ba} (mean, range -1 to 1){judge} |",
    "| 授權 |": "| 快速畫家 | 給即時相機用：同一類網路，{filters} 個濾波器、{blocks} 個區塊，每個 {kilobytes} KB（f16），由這兩個網路教出來"
    "（`training/distill.py`），{steps} 步，{core_hours} 核心小時。在測試圖片上與它們相差 {teacher_ab} 與 {teacher_ba}（去、回），而它們改變一張圖片的量是 "
    "{change_ab} 與 {change_ba}（平均，值域 -1 到 1）{judge} |",
}
# Where they were judged.
JUDGE = {
    "| Licence |": "; the judge of another kind takes {called_ab} % and {called_ba} % of what they make for the other domain’s",
    "| 授權 |": "；另一種評審把它們的成品認作另一個領域的，有 {called_ab} % 與 {called_ba} %",
}


def figures(entry):
    quick, quality = entry["quick"], entry["quality"]
    known = quick["quality"]
    found = {name: known[name] for name in ("filters", "blocks", "steps", "core_hours")} | {"kilobytes": round(quick["ab"]["bytes"] / 1000)}
    for way in ("ab", "ba"):
        found |= {f"teacher_{way}": f"{known[way]['teacher_l1']:.3f}", f"change_{way}": f"{quality[way]['change_l1']:.3f}"}
        if "called" in known[way]:
            found[f"called_{way}"] = f"{100 * known[way]['called']:.0f}"
    return found


def row(start, found):
    return ROWS[start].format(**found, judge=JUDGE[start].format(**found) if "called_ab" in found else "")


def with_quick(text, entry):
    """The card's text with the row, in the place of an older one, before the licence; as it is where the pair has no quick painters."""
    if "quick" not in entry:
        return text
    lines = []
    for line in text.split("\n"):
        if any(line.startswith(text[: text.index("|", 1) + 1]) for text in ROWS.values()):
            continue
        start = next((start for start in ROWS if line.startswith(start)), None)
        lines += [row(start, figures(entry)), line] if start else [line]
    return "\n".join(lines)
