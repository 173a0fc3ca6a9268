// Reads the invitation's code from the link's fragment. The fragment stays in the browser:
// no part of it is ever sent to the server.
"use strict";
(() => {
  const element = (id) => document.getElementById(id);
  const show = (id) => { const found = element(id); if (found) { found.hidden = false; } };
  const raw = location.hash.slice(1);
  let fragment = raw;
  try {
    fragment = decodeURIComponent(raw).trim();
  } catch {
    // A stray % sign: the check below calls the link damaged.
  }

  // The links to other languages keep the code.
  for (const link of document.querySelectorAll(".languages a")) {
    link.hash = location.hash;
  }

  const ready = element("ready");
  if (!ready) {
    return;
  }
  if (fragment === "") {
    show("no-code");
    return;
  }
  const [typed, pin, ...rest] = fragment.split(".");
  const code = typed.toUpperCase().replace(/[-\s]/g, "").replace(/O/g, "0").replace(/[IL]/g, "1");
  const isWhole = /^[0-9A-HJKMNP-TV-Z]{8}$/.test(code)
    && (pin === undefined || /^[A-Za-z0-9_-]{43}$/.test(pin))
    && rest.length === 0;
  if (!isWhole) {
    show("damaged-code");
    return;
  }

  const port = location.port === "" ? "443" : location.port;
  const place = `${location.hostname}:${port}/e/${ready.dataset.event}`;
  const secret = pin === undefined ? code : `${code}.${pin}`;
  element("open").href = `vev://${place}#${secret}`;
  element("code").textContent = `${code.slice(0, 4)}-${code.slice(4)}`;
  ready.hidden = false;

  const copy = element("copy");
  copy.addEventListener("click", async () => {
    const link = `${location.origin}${location.pathname}#${secret}`;
    const before = copy.textContent;
    try {
      await navigator.clipboard.writeText(link);
      copy.textContent = copy.dataset.done;
      setTimeout(() => { copy.textContent = before; }, 2000);
    } catch {
      // Without leave to write there is the address bar.
      getSelection().selectAllChildren(element("code"));
    }
  });
})();
