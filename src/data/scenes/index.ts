export { type SceneOptions, sceneClasses } from "./compose.ts";
export { generateScene, type Scene } from "./scene.ts";
export { type WriteScenesOptions, type WrittenScenes, writeScenes } from "./write-scenes.ts";
