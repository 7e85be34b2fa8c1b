export { type CachedModel, type Convert, cachedModel, cacheFolder, isCached, sourceFiles } from "./cache.ts";
export { type ReadyModel, type ReadyTask, readyModels } from "./catalogue.ts";
export { openReadyDescriber, readyDescribers } from "./describe.ts";
export { packageFolder } from "./package-folder.ts";
