/** Tells password managers whose password a form is about if the form has no field for the username. */
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
