import { signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';

/** What a stage tells the portal in `/config.json`. The deployment writes that file beside the page. */
export interface SiteConfig {
  readonly contact: { readonly phone: string; readonly email: string; readonly x: string };
  /** The number under which the Digital Government Authority registers the site. */
  readonly registrationNumber: string;
  /** Whether the login takes a national ID in place of the username. */
  readonly nationalIdLogin: boolean;
}

const config = signal<SiteConfig | 'failed' | undefined>(undefined);

async function load(): Promise<void> {
  try {
    const answer = await fetch('/config.json');
    config.value = (await answer.json()) as SiteConfig;
  } catch {
    config.value = 'failed';
  }
}

/**
 * The stage's values; undefined while they are loading.
 * @param wanted whether the page needs them now: they are loaded once it does
 */
export function useSiteConfig(wanted = true): SiteConfig | 'failed' | undefined {
  useEffect(() => {
    if (wanted && (config.peek() === undefined || config.peek() === 'failed')) load();
  }, [wanted]);
  return config.value;
}
