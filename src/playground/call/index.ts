export { CallPanel } from './call-panel.ts';
export { CallSettings } from './settings.ts';
export { TimelineView } from './timeline-view.ts';
