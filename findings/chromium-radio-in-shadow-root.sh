#!/usr/bin/env bash
# Chromium 153 (and 156): radio buttons that were taken out of a shadow root are never let go while the shadow root is in the page. Its group of the
# same name goes on holding them, and each holds whatever it was taken out with. The same buttons in the page itself, or in a form, or without their
# name before they are taken out, are collected. A component that draws other choices again and again grows without end.
# Linux on x86-64; the browser is the one that @sparticuz/chromium packs, driven by puppeteer-core.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
export TMPDIR="$work"
npm init -y > /dev/null
npm install --silent --no-audit --no-fund --ignore-scripts @sparticuz/chromium@153.0.0 puppeteer-core@24.43.1
cat > seen.mjs <<'JS'
import chromium from '@sparticuz/chromium'
import puppeteer from 'puppeteer-core'

const browser = await puppeteer.launch({ executablePath: await chromium.executablePath(), args: [...chromium.args, '--js-flags=--expose-gc'], headless: 'shell' })
console.log(await browser.version())
const page = await browser.newPage()
const kept = await page.evaluate(async () => {
  const choices = root => {
    const row = document.createElement('p')
    row.innerHTML = '<label><input type="radio" name="choice" value="1">one</label><label><input type="radio" name="choice" value="2">two</label>'
    root.append(row)
    return row
  }
  const place = () => document.body.appendChild(document.createElement('div'))
  const shadow = () => place().attachShadow({ mode: 'open' })
  const ways = {
    page: () => choices(place()),
    shadow: () => choices(shadow()),
    form: () => choices(shadow().appendChild(document.createElement('form'))),
    nameless: () => {
      const row = choices(shadow())
      for (const input of row.querySelectorAll('input')) input.removeAttribute('name')
      return row
    }
  }
  const found = {}
  for (const [name, way] of Object.entries(ways)) {
    const gone = new WeakRef((() => { const row = way(); row.remove(); return row })())
    for (let time = 0; time < 5; time++) {
      await new Promise(resolve => setTimeout(resolve, 50))
      gc()
    }
    found[name] = Boolean(gone.deref())
  }
  return found
})
console.log(JSON.stringify(kept))
await browser.close()
process.exit(JSON.stringify(kept) === '{"page":false,"shadow":true,"form":false,"nameless":false}' ? 0 : 1)
JS
node seen.mjs
