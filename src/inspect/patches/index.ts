export { type ColourSums, noColours } from "./colour-sums.ts";
export { type DataPictures, openDataPictures } from "./data-pictures.ts";
export { type Scan, type ScanOptions, scanPictures } from "./scan.ts";
export { cutPatches, patchBox, TILE, toTile, type WantedPatch } from "./tiles.ts";
export { PATCHES, type Patch, TopPatches, type TopPatchesState } from "./top-patches.ts";
