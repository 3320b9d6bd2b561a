export * from './initialize.ts';
