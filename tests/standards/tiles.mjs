// Validates the tiles of packages by the Khronos validator, each twice: as it is, and with its lists unpacked by
// the reference decoder, because the validator does not look into EXT_meshopt_compression. Pictures in KTX2 are
// read by a reader that shares no code with ours.
//
//   node tiles.mjs PACKAGE_FOLDER…
//
// Prints a line for each tile and what was found; ends with 1 if there is an error.

import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import path from "node:path";
import validator from "gltf-validator";
import { read as readKtx2 } from "ktx-parse";
import { MeshoptDecoder } from "meshoptimizer";
import { chunksOf, glbOf, unpacked } from "./glb.mjs";

// What the validator does not know is named here; anything else that it does not know is an error.
const BEYOND_THE_VALIDATOR = ["EXT_meshopt_compression", "KHR_texture_basisu"];
const SEVERITIES = ["error", "warning", "information", "hint"];

const folders = process.argv.slice(2);
if (folders.length === 0) {
  console.error("name the folders of packages: node tiles.mjs PACKAGE_FOLDER…");
  process.exit(2);
}
await MeshoptDecoder.ready;
const sum = { tiles: 0, errors: 0, warnings: 0, pictures: 0 };
for (const folder of folders) {
  await checkPackage(folder);
}
console.log(`${sum.tiles} tiles, ${sum.pictures} KTX2 pictures: ${sum.errors} errors, ${sum.warnings} warnings`);
process.exit(sum.errors > 0 || sum.tiles === 0 ? 1 : 0);

async function checkPackage(folder) {
  const manifest = JSON.parse(await readFile(path.join(folder, "venue.json"), "utf8"));
  const tiles = manifest.files.filter((file) => file.media_type === "model/gltf-binary");
  console.log(`${manifest.id}: ${tiles.length} tiles`);
  for (const { hash } of tiles) {
    const name = `files/${hash}.glb`;
    const bytes = new Uint8Array(await readFile(path.join(folder, name)));
    const findings = [];
    if (createHash("sha256").update(bytes).digest("hex") !== hash) {
      findings.push({ severity: "error", text: "its name is not its SHA-256" });
    }
    findings.push(...(await checkTile(name, bytes)));
    report(name.slice(0, 14), bytes.length, findings);
  }
}

async function checkTile(name, bytes) {
  const findings = await judge(name, bytes, "as it is");
  if (findings.some((finding) => finding.severity === "error")) {
    return findings;
  }
  const [json, binary] = chunksOf(bytes);
  if ((json.extensionsUsed ?? []).some((extension) => extension.startsWith("VEV_"))) {
    findings.push({ severity: "error", text: "a tile carries VEV_ extensions, which no other program reads" });
  }
  findings.push(...pictures(json, binary));
  if (json.extensionsUsed?.includes("EXT_meshopt_compression")) {
    const plain = glbOf(...unpacked(json, binary, MeshoptDecoder));
    findings.push(...(await judge(name, plain, "unpacked")));
  }
  return findings;
}

async function judge(name, bytes, form) {
  const report = await validator.validateBytes(bytes, { uri: name, format: "glb", maxIssues: 0 });
  const [json] = chunksOf(bytes);
  const known = report.issues.messages.filter((message) => !isBeyond(message, json));
  return known.map(({ code, message, severity, pointer }) => ({
    severity: code === "UNSUPPORTED_EXTENSION" ? "error" : SEVERITIES[severity],
    text: `${form}: ${pointer ?? ""} ${message}`,
    kind: `${form}: ${code}`,
  }));
}

/** "Cannot validate …" about what other readers here look into, or what follows from it for pictures in KTX2. */
function isBeyond({ code, message, pointer }, { images = [] }) {
  if (code === "UNSUPPORTED_EXTENSION") {
    return BEYOND_THE_VALIDATOR.some((extension) => message.includes(`'${extension}'`));
  }
  const isPicture = ["IMAGE_UNRECOGNIZED_FORMAT", "VALUE_NOT_IN_LIST"].includes(code);
  const at = /^\/images\/(\d+)(\/mimeType)?$/.exec(pointer ?? "")?.[1];
  return isPicture && images[at]?.mimeType === "image/ktx2";
}

/** Reads each KTX2 picture: its levels, and that they are as long as they say. */
function pictures(json, binary) {
  const findings = [];
  for (const [at, image] of (json.images ?? []).entries()) {
    if (image.mimeType !== "image/ktx2") {
      continue;
    }
    sum.pictures += 1;
    const view = json.bufferViews[image.bufferView];
    const start = view.byteOffset ?? 0;
    try {
      const file = readKtx2(binary.slice(start, start + view.byteLength));
      const problem = problemOf(file);
      if (problem) {
        findings.push({ severity: "error", text: `/images/${at} ${problem}` });
      }
    } catch (error) {
      findings.push({ severity: "error", text: `/images/${at} is no KTX2 file: ${error.message}` });
    }
  }
  return findings;
}

/** KHR_texture_basisu: two-dimensional, Basis Universal, sides that are multiples of four, all levels or one. */
function problemOf(file) {
  const { pixelWidth, pixelHeight, pixelDepth, layerCount, faceCount, levels, vkFormat } = file;
  if (vkFormat !== 0 || pixelDepth > 0 || layerCount > 0 || faceCount !== 1) {
    return "is no two-dimensional picture in Basis Universal";
  }
  if (pixelWidth % 4 !== 0 || pixelHeight % 4 !== 0) {
    return `is ${pixelWidth} × ${pixelHeight}, no multiples of four`;
  }
  const full = Math.floor(Math.log2(Math.max(pixelWidth, pixelHeight))) + 1;
  if (levels.length !== 1 && levels.length !== full) {
    return `has ${levels.length} levels; one or ${full} are allowed`;
  }
  return levels.some((level) => level.levelData.length === 0) ? "has an empty level" : undefined;
}

/** One line for the tile, then each kind of finding once. */
function report(name, length, findings) {
  const count = (severity) => findings.filter((finding) => finding.severity === severity).length;
  sum.tiles += 1;
  sum.errors += count("error");
  sum.warnings += count("warning");
  console.log(
    `  ${name}  ${String(length).padStart(9)} bytes  ${count("error")} errors, ${count("warning")} warnings, ` +
      `${count("information")} notes, ${count("hint")} hints`,
  );
  const kinds = new Map();
  for (const { severity, text, kind } of findings.filter(({ severity }) => severity !== "hint")) {
    const key = `${severity} ${kind ?? text}`;
    kinds.set(key, { text: `${severity}: ${text}`, times: (kinds.get(key)?.times ?? 0) + 1 });
  }
  for (const { text, times } of kinds.values()) {
    console.log(`      ${text}${times > 1 ? ` (${times} times; the last of them)` : ""}`);
  }
}
