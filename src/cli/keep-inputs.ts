export { keepInputs, realPath } from "../core/index.ts";
