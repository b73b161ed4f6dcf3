import { spoken } from '../state/announce.ts';

/** The elements that announcements are written to. Screen readers only watch regions that exist from the start. */
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
