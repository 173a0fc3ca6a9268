// A headless Chromium that is driven over two pipes (the DevTools protocol with `--remote-debugging-pipe`): no port, no
// library.

import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

// WebGL by the processor; certificates that a venue made for itself are taken, because only loopback is reached.
const OPTIONS = [
  "--headless=new",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-dev-shm-usage",
  "--disable-sync",
  "--enable-unsafe-swiftshader",
  "--force-color-profile=srgb",
  "--hide-scrollbars",
  "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
  "--ignore-certificate-errors",
  "--ignore-gpu-blocklist",
  "--no-default-browser-check",
  "--no-first-run",
  "--no-sandbox",
  "--remote-debugging-pipe",
  "--use-angle=swiftshader",
  "--use-gl=angle",
];
const PROGRAMS = [process.env.CHROMIUM, "chromium", "chromium-browser", "google-chrome"].filter(Boolean);
const ENDING_MILLIS = 5000;

export class Browser {
  /**
   * What was asked for: `url`, `bytes` as they came over the network, `from` and `to` in seconds of the browser's
   * clock, `failure` if it failed.
   */
  requests = [];
  #calls = new Map();
  #byId = new Map();
  #next = 1;
  #rest = "";
  #lines = [];

  static async start([width, height]) {
    const profile = await mkdtemp(path.join(tmpdir(), "vev-browser-"));
    const browser = new Browser(profile);
    for (const program of PROGRAMS) {
      if (await browser.#spawn(program, [width, height])) {
        return browser;
      }
    }
    throw new Error("there is no Chromium; install the package chromium");
  }

  constructor(profile) {
    this.profile = profile;
  }

  #spawn(program, [width, height]) {
    const options = [...OPTIONS, `--user-data-dir=${this.profile}`, `--window-size=${width},${height}`];
    const child = spawn(program, [...options, "about:blank"], {
      stdio: ["ignore", "ignore", "pipe", "pipe", "pipe"],
    });
    this.child = child;
    this.ended = new Promise((resolve) => child.once("exit", resolve));
    this.ended.then((status) => this.#fail(`Chromium ended with ${status}: ${this.#lines.slice(-5).join(" ")}`));
    child.stderr.on("data", (text) => this.#lines.push(String(text).trim()));
    child.stdio[3].on("error", () => {});
    child.stdio[4].setEncoding("utf8").on("data", (text) => this.#read(text));
    return new Promise((resolve) => {
      child.once("spawn", () => resolve(true));
      child.once("error", () => resolve(false));
    });
  }

  /** Opens a page and waits until it has loaded. */
  async open(url) {
    const { targetInfos } = await this.#send("Target.getTargets");
    const { targetId } = targetInfos.find((target) => target.type === "page");
    const { sessionId } = await this.#send("Target.attachToTarget", { targetId, flatten: true });
    this.session = sessionId;
    await this.#send("Network.enable");
    await this.#send("Page.enable");
    await this.#send("Runtime.enable");
    const loaded = new Promise((resolve) => (this.onLoaded = resolve));
    const { errorText } = await this.#send("Page.navigate", { url });
    if (errorText) {
      throw new Error(`${url}: ${errorText}`);
    }
    await loaded;
  }

  /** The value of an expression in the page, when its promise is kept. */
  async call(expression, seconds) {
    const asked = this.#send("Runtime.evaluate", { expression, awaitPromise: true, returnByValue: true });
    let timer;
    const late = new Promise((_, reject) => {
      timer = setTimeout(() => reject(new Error(`no answer in ${seconds} s`)), seconds * 1000);
    });
    const { result, exceptionDetails } = await Promise.race([asked, late]).finally(() => clearTimeout(timer));
    if (exceptionDetails) {
      throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
    }
    return result.value;
  }

  async close() {
    const timer = setTimeout(() => this.child.kill("SIGKILL"), ENDING_MILLIS);
    await this.#send("Browser.close", {}, null).catch(() => {});
    await this.ended;
    clearTimeout(timer);
    await rm(this.profile, { recursive: true, force: true });
  }

  #send(method, params = {}, session = this.session) {
    const id = this.#next++;
    const message = { id, method, params, ...(session ? { sessionId: session } : {}) };
    this.child.stdio[3].write(`${JSON.stringify(message)}\0`);
    return new Promise((resolve, reject) => this.#calls.set(id, { resolve, reject }));
  }

  #read(text) {
    const parts = (this.#rest + text).split("\0");
    this.#rest = parts.pop();
    for (const part of parts) {
      this.#handle(JSON.parse(part));
    }
  }

  #handle({ id, method, params, result, error }) {
    if (id) {
      const call = this.#calls.get(id);
      this.#calls.delete(id);
      return error ? call?.reject(new Error(error.message)) : call?.resolve(result);
    }
    switch (method) {
      case "Page.loadEventFired":
        return this.onLoaded?.();
      case "Network.requestWillBeSent": {
        const request = { url: params.request.url, bytes: 0, from: params.timestamp };
        this.#byId.set(params.requestId, request);
        return this.requests.push(request);
      }
      case "Network.responseReceived":
        if (params.response.status >= 400) {
          this.#note(params, { failure: `status ${params.response.status}` });
        }
        return undefined;
      case "Network.loadingFinished":
        return this.#note(params, { bytes: params.encodedDataLength, to: params.timestamp });
      case "Network.loadingFailed":
        return this.#note(params, params.canceled ? {} : { failure: params.errorText });
      default:
        return undefined;
    }
  }

  #note({ requestId }, what) {
    Object.assign(this.#byId.get(requestId) ?? {}, what);
  }

  #fail(sentence) {
    for (const { reject } of this.#calls.values()) {
      reject(new Error(sentence));
    }
    this.#calls.clear();
  }
}
