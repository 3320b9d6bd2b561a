import type {
  ExperimentalFeature,
  ExperimentalFeatureListParams,
  ExperimentalFeatureListResponse,
} from '../protocol/index.ts';
import { FEATURE_DEFAULTS, isFeatureEnabled } from './config/index.ts';
import type { Config, FeatureName } from './config/index.ts';
import { pageOf } from './page.ts';

type FeatureText = Pick<ExperimentalFeature, 'stage' | 'displayName' | 'description'>;

/** What is told of each feature that the daemon knows. */
const FEATURES: Readonly<Record<FeatureName, FeatureText>> = {
  enable_request_compression: {
    stage: 'stable',
    displayName: 'Compressed requests',
    description: 'Compress model requests to OpenAI made with a ChatGPT login.',
  },
  realtime_conversation: {
    stage: 'stable',
    displayName: 'Voice conversation',
    description: 'Speak with a thread, and let it speak, over a realtime session.',
  },
};

/** The features, page by page, with what a configuration makes of them. Throws `invalidCursor`. */
export function listFeatures(
  config: Config,
  params: ExperimentalFeatureListParams,
): ExperimentalFeatureListResponse {
  const names = Object.keys(FEATURES) as FeatureName[];
  const features = names.map((name): ExperimentalFeature => ({
    name,
    ...FEATURES[name],
    announcement: null,
    enabled: isFeatureEnabled(config, name),
    defaultEnabled: FEATURE_DEFAULTS[name],
  }));
  return pageOf(features, params);
}
