const keys = [
  ['/', 'search the services'],
  ['j k', 'next and previous row'],
  ['Enter', 'open the row'],
  ['Esc', 'leave the search, or go back to the list'],
  ['?', 'show these keys'],
] as const;

const id = 'keyboard-help';

/** What the keyboard does; a dialog that the browser closes by Escape. */
export function KeyboardHelp() {
  return (
    <dialog id={id} aria-labelledby="keyboard-title">
      <h2 id="keyboard-title">Keys</h2>
      <dl>
        {keys.map(([key, what]) => (
          <div key={key}>
            <dt>
              {key.split(' ').map((each) => (
                <kbd key={each}>{each}</kbd>
              ))}
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
      <form method="dialog">
        <button>Close</button>
      </form>
    </dialog>
  );
}

export function openKeyboardHelp(): void {
  (document.getElementById(id) as HTMLDialogElement | null)?.showModal();
}
