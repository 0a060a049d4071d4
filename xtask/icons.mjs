// Draws the PNG icons from the two SVG files: node xtask/icons.mjs, then commit what changed in public/icons.
// Not part of the build: icons change once in years, and PNG bytes differ between browser versions.
import { readFile, writeFile } from 'node:fs/promises';
import { chromium } from 'playwright-core';

const icons = [
  ['icon.svg', 192, 'icon-192.png'],
  ['icon.svg', 512, 'icon-512.png'],
  ['maskable.svg', 192, 'maskable-192.png'],
  ['maskable.svg', 512, 'maskable-512.png'],
  // iOS rounds the corners itself and shows black where the picture is transparent.
  ['maskable.svg', 180, 'apple-touch-icon.png'],
];
const folder = new URL('../public/icons/', import.meta.url);
const browser = await chromium.launch({
  executablePath: process.env.LINLI_CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-quic'],
});
const page = await browser.newPage();
for (const [source, size, target] of icons) {
  const svg = await readFile(new URL(source, folder), 'utf8');
  await page.setViewportSize({ width: size, height: size });
  await page.setContent(`<style>*{margin:0}svg{display:block;width:${size}px;height:${size}px}</style>${svg}`);
  await writeFile(new URL(target, folder), await page.screenshot({ omitBackground: true }));
}
await browser.close();
