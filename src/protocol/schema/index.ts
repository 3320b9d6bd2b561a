export { jsonSchemaFiles, jsonText } from './json.ts';
export type { JsonSchema } from './json-schema.ts';
export { typescriptFiles } from './typescript.ts';
