// A small web server on loopback for the page and its program. It gives out what stands below the named folders.

import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { createServer } from "node:http";
import path from "node:path";

const TYPES = {
  ".css": "text/css",
  ".glb": "model/gltf-binary",
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".json": "application/json",
  ".png": "image/png",
  ".wasm": "application/wasm",
};

/** Serves `routes`: a path that ends with `/` is a folder, another one a file. */
export async function serve(routes) {
  const server = createServer((request, response) => {
    answer(routes, request, response).catch(() => {
      response.writeHead(404).end();
    });
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    origin: `http://127.0.0.1:${server.address().port}`,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

async function answer(routes, request, response) {
  // A URL's path has no `..` left in it once it is parsed.
  const asked = decodeURIComponent(new URL(request.url, "http://here").pathname);
  const route = Object.keys(routes).find((route) => (route.endsWith("/") ? asked.startsWith(route) : asked === route));
  const place = routes[route];
  const file = route.endsWith("/") ? path.join(place, asked.slice(route.length)) : place;
  if (path.relative(place, file).startsWith("..")) {
    throw new Error("outside");
  }
  const { size } = await stat(file);
  const type = TYPES[path.extname(file)] ?? "application/octet-stream";
  response.writeHead(200, { "content-length": size, "content-type": type });
  createReadStream(file).pipe(response);
}
