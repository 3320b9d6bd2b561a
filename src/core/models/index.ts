export { ModelCatalogue } from './model-catalogue.ts';
export type { ModelInfo } from './model-info.ts';
export { modelsSource } from './models-source.ts';
export { autoCompactLimit, contextWindow, effectiveContextWindow } from './token-limits.ts';
