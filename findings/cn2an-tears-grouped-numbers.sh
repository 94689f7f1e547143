#!/usr/bin/env bash
# cn2an writes the numbers of a Chinese sentence in words, and tears those that hold a mark: a price, a time.
#
# `transform(text, "an2cn")` is what Chinese voices are often fed with. It knows dates, fractions and degrees, but it reads a number
# only up to the next mark, and each part as a number of its own:
#   - `￥2,480.50` becomes `￥二,四百八十点五零`: two, then four hundred and eighty, so a listener hears another price;
#   - `14:30` becomes `十四:三十`, with the colon left for the voice to read, instead of 十四点三十分;
#   - the other way, `二百五` becomes 250, which people mean, while `an2cn` of `250` is 二百五十.
# Prices and times must be put into words before it sees them.
# Seen on 2026-11-30 with cn2an 0.5.24.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet cn2an==0.5.24 setuptools==65.5.0
"$work/venv/bin/python" - <<'PYTHON'
import cn2an

seen = {
    text: cn2an.transform(text, "an2cn")
    for text in ("原价￥2,480.50", "今天14:30开始", "共2480.5元", "2026年11月30日", "-5℃")
}
for text, spoken in seen.items():
    print(f"{text} -> {spoken}")
assert list(seen.values()) == [
    "原价￥二,四百八十点五零",
    "今天十四:三十开始",
    "共二千四百八十点五元",
    "二零二六年十一月三十日",
    "-五摄氏度",
], "it writes something else now"
assert (cn2an.transform("二百五", "cn2an"), cn2an.an2cn(250)) == ("250", "二百五十"), "it reads something else now"
PYTHON
