// Draws a tileset from a camera that is given in the building frame (metres, y up), and tells when everything that
// the view needs was there. No globe, no imagery, nothing from elsewhere.

/* global Cesium */

// Somewhere on the earth: CesiumJS does not like the middle of the earth, and the place does not show.
const PLACE = Cesium.Transforms.eastNorthUpToFixedFrame(Cesium.Cartesian3.fromDegrees(6.14, 46.22, 373));

// Frames without anything left to load before the picture counts.
const CALM_FRAMES = 3;

/** From the building frame to that of the tileset, which is z up. */
function zUp([x, y, z]) {
  return new Cesium.Cartesian3(x, -z, y);
}

function makeWidget([width, height]) {
  const element = document.getElementById("view");
  element.style.width = `${width}px`;
  element.style.height = `${height}px`;
  const widget = new Cesium.CesiumWidget(element, {
    baseLayer: false,
    contextOptions: { webgl: { alpha: false, antialias: true } },
    creditContainer: document.createElement("div"),
    globe: false,
    msaaSamples: 4,
    shadows: false,
    showRenderLoopErrors: false,
    skyAtmosphere: false,
    skyBox: false,
    useDefaultRenderLoop: false,
  });
  const { scene } = widget;
  scene.sun = undefined;
  scene.moon = undefined;
  scene.fog.enabled = false;
  scene.highDynamicRange = false;
  return widget;
}

function look(scene, camera) {
  const [width, height] = camera.size;
  const vertical = (camera.vertical_degrees * Math.PI) / 180;
  const horizontal = 2 * Math.atan(Math.tan(vertical / 2) * (width / height));
  // The field of view of CesiumJS is that of the longer side.
  const fov = Math.max(vertical, horizontal);
  scene.camera.frustum = new Cesium.PerspectiveFrustum({ fov, aspectRatio: width / height, near: 0.05, far: 5e4 });
  const turned = (vector) => Cesium.Matrix4.multiplyByPointAsVector(PLACE, zUp(vector), new Cesium.Cartesian3());
  scene.camera.setView({
    destination: Cesium.Matrix4.multiplyByPoint(PLACE, zUp(camera.position), new Cesium.Cartesian3()),
    orientation: { direction: turned(camera.ahead), up: turned(camera.up) },
  });
  const [r, g, b] = camera.background ?? [0.5, 0.6, 0.7];
  scene.backgroundColor = new Cesium.Color(r, g, b, 1);
}

/**
 * Baked surfaces bring their own light; what is lit gets the same from everywhere, and some from behind the viewer.
 */
function light(scene, tileset) {
  const none = Array.from({ length: 8 }, () => new Cesium.Cartesian3());
  tileset.imageBasedLighting.sphericalHarmonicCoefficients = [new Cesium.Cartesian3(0.7, 0.7, 0.7), ...none];
  tileset.imageBasedLighting.imageBasedLightingFactor = new Cesium.Cartesian2(1, 0);
  scene.light = new Cesium.DirectionalLight({ direction: scene.camera.direction, intensity: 1.5 });
}

async function addTileset(scene, url, error) {
  const tileset = await Cesium.Cesium3DTileset.fromUrl(url, {
    modelMatrix: PLACE,
    environmentMapOptions: { enabled: false },
    ...(error ? { maximumScreenSpaceError: error } : {}),
  });
  light(scene, tileset);
  scene.primitives.add(tileset);
  return tileset;
}

const nextFrame = () => new Promise((resolve) => requestAnimationFrame(resolve));

/** Draws until nothing is left to load; the picture is read in the task that drew it. */
async function untilLoaded(widget, tileset, failures, deadline) {
  let calm = 0;
  let loadedAt;
  while (calm < CALM_FRAMES) {
    await nextFrame();
    widget.resize();
    widget.scene.render();
    if (tileset.tilesLoaded && tileset.statistics.numberOfTilesWithContentReady > 0) {
      loadedAt ??= performance.now();
      calm += 1;
    } else {
      calm = 0;
      loadedAt = undefined;
    }
    if (failures.length > 0) {
      throw new Error(failures.join("\n"));
    }
    if (performance.now() > deadline) {
      throw new Error(`not everything was loaded in time: ${JSON.stringify(told(tileset))}`);
    }
  }
  return loadedAt;
}

function told({ statistics }) {
  return {
    shown: statistics.selected,
    ready: statistics.numberOfTilesWithContentReady,
    pending: statistics.numberOfPendingRequests,
    triangles: statistics.numberOfTrianglesSelected,
    points: statistics.numberOfPointsSelected,
  };
}

/**
 * Called by the driver. `error` is the largest error on the screen in pixels, none for the usual one; `seconds` is
 * how long it may take.
 */
window.draw = async function draw({ url, camera, error, seconds }) {
  const failures = [];
  const widget = makeWidget(camera.size);
  widget.scene.renderError.addEventListener((_, problem) => failures.push(String(problem)));
  look(widget.scene, camera);
  const started = performance.now();
  const tileset = await addTileset(widget.scene, url, error);
  tileset.tileFailed.addEventListener(({ url: tile, message }) => failures.push(`${tile}: ${message}`));
  const loadedAt = await untilLoaded(widget, tileset, failures, started + seconds * 1000);
  const picture = widget.scene.canvas.toDataURL("image/png");
  return { version: Cesium.VERSION, seconds: (loadedAt - started) / 1000, failures, picture, ...told(tileset) };
};
