import { spoken } from '../state/announce.ts';

/** Where announcements are written; on the page from the start, or screen readers do not listen to them. */
export const LiveRegions = () => (
  <>
    <div class="unseen" role="status">
      {spoken.polite.value}
    </div>
    <div class="unseen" role="alert">
      {spoken.assertive.value}
    </div>
  </>
);
