import { signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';

/** What a stage says of itself to the page: `/config.json`, written beside the page where it is deployed. */
export interface SiteConfig {
  readonly contact: { readonly phone: string; readonly email: string; readonly x: string };
}

const site = signal<SiteConfig | 'failed' | undefined>(undefined);

async function load(): Promise<void> {
  try {
    const answer = await fetch('/config.json');
    site.value = (await answer.json()) as SiteConfig;
  } catch {
    site.value = 'failed';
  }
}

/** The stage's own values; undefined until they are here. */
export function useSiteConfig(): SiteConfig | 'failed' | undefined {
  useEffect(() => {
    if (site.peek() === undefined || site.peek() === 'failed') load();
  }, []);
  return site.value;
}
