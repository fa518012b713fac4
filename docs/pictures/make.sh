#!/usr/bin/env bash
# Makes the pictures of README.md again: charts out of the tool's own report.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

dotnet build src/MLNetHyper.Cli -c Release --nologo -v q -tl:off
reports=$(mktemp -d)
trap 'rm -rf "$reports"' EXIT
onepass() { dotnet artifacts/bin/MLNetHyper.Cli/release/onepass.dll "$@" > /dev/null; }
onepass train --data samples/data/kin8nm.csv --label y --initial lr=1e-5,wd=0.1 --report "$reports/train.html"
onepass compare --data samples/data/energy.csv --label y --quick --repeats 10 --report "$reports/compare.html"

# REPORT TITLE NAME: the report's first chart of that title as a file that stands alone, in the reader's colors, with its key above.
picture() {
  python3 - "$@" << 'PYTHON'
import re, sys
report, title, name = open(sys.argv[1], encoding='utf-8').read(), sys.argv[2], sys.argv[3]
style = re.search(r'<style>(.*?)</style>', report, re.S).group(1)
figure = next(f for f in re.findall(r'<figure.*?</figure>', report, re.S) if f'<h3>{title}</h3>' in f)
svg = re.search(r'<svg.*?</svg>', figure, re.S).group(0)
head, body = svg.split('>', 1)
key = re.findall(r'<li><i class="swatch[^"]*? (c\d) [^"]*"[^>]*></i>(.*?)</li>', figure)
if key:
    width, height = map(float, re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', head).groups())
    head = re.sub(r'viewBox="[^"]*"', f'viewBox="0 -24 {width:g} {height + 24:g}"', head)
    x = 0
    for color, text in key:
        body = body.replace('</svg>', f'<rect class="{color}" style="fill:var(--c)" x="{x}" y="-19" width="12" height="12"/><text x="{x + 18}" y="-9">{text}</text>\n</svg>')
        x += 38 + 7 * len(text)
font = 'svg{font-family:system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif}'
open(f'docs/pictures/{name}.svg', 'w', encoding='utf-8').write(f'{head}>\n<style><![CDATA[{style}{font}]]></style>{body}\n')
PYTHON
}
picture "$reports/train.html" 'Learning rate' learning-rate
picture "$reports/train.html" 'Weight decay' weight-decay
picture "$reports/compare.html" 'Median test RMSE against cost' comparison
