// The container of glTF 2.0 (section 4.4), and a tile with its packed lists unpacked.

const MAGIC = 0x46546c67;
const JSON_CHUNK = 0x4e4f534a;
const BINARY_CHUNK = 0x004e4942;

/** The JSON and the binary chunk of a GLB. */
export function chunksOf(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint32(0, true) !== MAGIC || view.getUint32(8, true) !== bytes.length) {
    throw new Error("it is no GLB, or its length is not as it says");
  }
  const jsonLength = view.getUint32(12, true);
  const json = JSON.parse(new TextDecoder().decode(bytes.subarray(20, 20 + jsonLength)));
  return [json, bytes.subarray(28 + jsonLength)];
}

/** A GLB of these chunks. */
export function glbOf(json, binary) {
  const text = new TextEncoder().encode(JSON.stringify(json));
  const padded = (length) => Math.ceil(length / 4) * 4;
  const length = 12 + 8 + padded(text.length) + 8 + padded(binary.length);
  const bytes = new Uint8Array(length);
  const view = new DataView(bytes.buffer);
  const header = [MAGIC, 2, length, padded(text.length), JSON_CHUNK];
  header.forEach((word, at) => view.setUint32(at * 4, word, true));
  bytes.fill(0x20, 20, 20 + padded(text.length));
  bytes.set(text, 20);
  const start = 20 + padded(text.length);
  view.setUint32(start, padded(binary.length), true);
  view.setUint32(start + 4, BINARY_CHUNK, true);
  bytes.set(binary, start + 8);
  return bytes;
}

/** The same tile without EXT_meshopt_compression: every view as it would be in the fallback buffer. */
export function unpacked(json, binary, decoder) {
  const plain = structuredClone(json);
  const parts = [];
  let length = 0;
  for (const view of plain.bufferViews) {
    const packed = view.extensions?.EXT_meshopt_compression;
    const from = packed ?? view;
    const stored = binary.subarray(from.byteOffset ?? 0, (from.byteOffset ?? 0) + from.byteLength);
    let bytes = stored;
    if (packed) {
      bytes = new Uint8Array(packed.count * packed.byteStride);
      decoder.decodeGltfBuffer(bytes, packed.count, packed.byteStride, stored, packed.mode, packed.filter);
      delete view.extensions;
    }
    view.buffer = 0;
    view.byteOffset = length;
    view.byteLength = bytes.length;
    parts.push([length, bytes]);
    length += Math.ceil(bytes.length / 4) * 4;
  }
  const whole = new Uint8Array(length);
  parts.forEach(([at, bytes]) => whole.set(bytes, at));
  plain.buffers = [{ byteLength: length }];
  for (const list of ["extensionsUsed", "extensionsRequired"]) {
    plain[list] = (plain[list] ?? []).filter((name) => name !== "EXT_meshopt_compression");
    if (plain[list].length === 0) {
      delete plain[list];
    }
  }
  return [plain, whole];
}
