import { CLOUD_DEFAULTS } from '../../functions/runtime/links.ts';
import { environmentOf } from '../../functions/runtime/settings.ts';

// What a collect Lambda reads of its environment. The whole quota, so that only the clock of a scenario slows a scan down.
Object.assign(process.env, environmentOf('clouds', { ...CLOUD_DEFAULTS, apiShare: 1 }));
