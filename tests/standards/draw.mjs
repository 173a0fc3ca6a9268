// Draws a tileset by CesiumJS in a headless Chromium, from a given camera.
//
//   node draw.mjs '{"url": "https://127.0.0.1:4433/venues/KEY/tileset.json", "camera": {…}, "out": "picture.png"}'
//
// `camera`: `position`, `ahead` and `up` in the building frame, `vertical_degrees`, `size` in pixels. Instead of `url`
// there may be `folder`: a package on the disk. Prints one JSON object; ends with 1 and a sentence if anything failed.
// Nothing but loopback is ever asked: names do not resolve, and a request elsewhere is a failure.

import { writeFile } from "node:fs/promises";
import { Browser } from "./browser.mjs";
import { serve } from "./static.mjs";

const HERE = new URL(".", import.meta.url).pathname;
// It takes ten seconds on two idle processors; the bound is for busy ones.
const SECONDS = 150;

const wish = JSON.parse(process.argv[2] ?? "{}");
if (!wish.camera || !(wish.url || wish.folder)) {
  console.error("say what to draw; draw.mjs begins with how");
  process.exit(2);
}
try {
  console.log(JSON.stringify(await draw()));
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}

async function draw() {
  const site = await serve({
    "/cesium/": `${HERE}node_modules/cesium/Build/Cesium/`,
    "/package/": wish.folder,
    "/page.html": `${HERE}page.html`,
    "/page.js": `${HERE}page.js`,
  });
  const browser = await Browser.start(wish.camera.size);
  try {
    const url = wish.url ?? `${site.origin}/package/tileset.json`;
    const origin = new URL(url).origin;
    await browser.open(`${site.origin}/page.html`);
    const seconds = wish.seconds ?? SECONDS;
    const { camera, error } = wish;
    const drawn = await browser.call(`draw(${JSON.stringify({ url, camera, error, seconds })})`, seconds + 20);
    const { picture, ...told } = drawn;
    if (wish.out) {
      await writeFile(wish.out, Buffer.from(picture.split(",")[1], "base64"));
    }
    const isTile = (request) => request.url.startsWith(wish.url ? origin : `${origin}/package/`);
    const tiles = browser.requests.filter(isTile);
    told.requests = tiles.length;
    told.bytes = tiles.reduce((sum, request) => sum + request.bytes, 0);
    // Until the last byte, however long drawing takes on a machine without a graphics chip.
    const ends = tiles.map((request) => request.to ?? 0);
    told.fetched_seconds = Math.max(...ends) - Math.min(...tiles.map((request) => request.from));
    const failed = browser.requests.filter((request) => request.failure);
    told.failures.push(...failed.map((request) => `${request.url}: ${request.failure}`));
    const elsewhere = browser.requests.filter((request) => !isHere(request.url));
    told.failures.push(...elsewhere.map((request) => `asked elsewhere: ${request.url}`));
    if (told.failures.length > 0) {
      throw new Error(told.failures.join("\n"));
    }
    return told;
  } finally {
    await browser.close();
    site.close();
  }
}

function isHere(url) {
  const { protocol, hostname } = new URL(url);
  return ["data:", "blob:"].includes(protocol) || ["127.0.0.1", "localhost", "[::1]"].includes(hostname);
}
