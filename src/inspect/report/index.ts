export { type LayerPage, makeLayerPage, SIDES } from "./layer-page.ts";
export { inspectionPage } from "./page.ts";
