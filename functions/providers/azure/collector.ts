import type { Collector, CollectorFacts } from '../../domain/cloud.ts';
import type { AzureClient } from './clients.ts';

/** A collector that still has to be bound to a subscription. */
export interface AzureCollector {
  readonly facts: CollectorFacts;
  bind(client: AzureClient, subscription: string): Collector;
}
