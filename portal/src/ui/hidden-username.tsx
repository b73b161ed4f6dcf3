/** Tells password managers whose password this is, where the username is not asked for on the same page. */
export const HiddenUsername = ({ username }: { readonly username: string }) => (
  <input
    class="unseen"
    type="text"
    name="username"
    autocomplete="username"
    value={username}
    readOnly
    tabIndex={-1}
    aria-hidden="true"
  />
);
