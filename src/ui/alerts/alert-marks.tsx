import { useState } from 'preact/hooks';
import type { AlertView, MarkRequest, MarkView } from '../../server/api-types/alert.js';
import { change, Trouble } from '../live/server.js';
import { mayEdit, refresh } from '../live/snapshot.js';
import { momentText } from '../words/numbers.js';

interface MarksProps {
  readonly alert: AlertView;
  /** Told how the alert is after somebody said something of it. */
  readonly onChange: (alert: AlertView) => void;
}

/** What people say of an alert: that somebody looks after it, or that it called for nothing. */
export function AlertMarks({ alert, onChange }: MarksProps) {
  const [note, setNote] = useState('');
  const [trouble, setTrouble] = useState<Trouble | undefined>(undefined);
  const [isSending, setSending] = useState(false);
  const { acknowledged, noise } = alert;

  const send = async (method: 'POST' | 'DELETE', mark: 'acknowledgement' | 'noise') => {
    setSending(true);
    try {
      const body: MarkRequest = note.trim() === '' ? {} : { note: note.trim() };
      const path = `alerts/${encodeURIComponent(alert.id)}/${mark}`;
      onChange(await change<AlertView>(method, path, method === 'POST' ? body : undefined));
      setNote('');
      setTrouble(undefined);
      void refresh();
    } catch (error) {
      if (!(error instanceof Trouble)) throw error;
      setTrouble(error);
    } finally {
      setSending(false);
    }
  };

  return (
    <section class="marks">
      <h2>Looked after</h2>
      {!acknowledged && !noise && <p class="unknown">Nobody has said anything yet.</p>}
      {acknowledged && <Mark title="Acknowledged" mark={acknowledged} />}
      {noise && <Mark title="Marked as noise" mark={noise} />}
      {trouble && (
        <p class="banner doubtful" role="alert">
          That was not taken: {trouble.message}.
        </p>
      )}
      {mayEdit.value && (
        <form onSubmit={(event) => event.preventDefault()}>
          {!(acknowledged && noise) && (
            <>
              <label for="note">Note</label>
              <textarea
                id="note"
                rows={2}
                maxLength={2000}
                value={note}
                onInput={(event) => setNote(event.currentTarget.value)}
              />
            </>
          )}
          <div class="buttons">
            <MarkButton
              isSet={acknowledged !== null}
              set="Acknowledge"
              unset="Take the acknowledgement back"
              onSend={(method) => void send(method, 'acknowledgement')}
              isSending={isSending}
            />
            <MarkButton
              isSet={noise !== null}
              set="Mark as noise"
              unset="Not noise after all"
              onSend={(method) => void send(method, 'noise')}
              isSending={isSending}
            />
          </div>
        </form>
      )}
    </section>
  );
}

interface MarkButtonProps {
  readonly isSet: boolean;
  readonly set: string;
  readonly unset: string;
  readonly isSending: boolean;
  readonly onSend: (method: 'POST' | 'DELETE') => void;
}

function MarkButton({ isSet, set, unset, isSending, onSend }: MarkButtonProps) {
  return (
    <button type="button" aria-disabled={isSending} onClick={() => !isSending && onSend(isSet ? 'DELETE' : 'POST')}>
      {isSet ? unset : set}
    </button>
  );
}

function Mark({ title, mark }: { readonly title: string; readonly mark: MarkView }) {
  return (
    <p>
      <b>{title}</b> by {mark.by}, {momentText(mark.atSeconds)}
      {mark.note !== '' && <q class="mark-note">{mark.note}</q>}
    </p>
  );
}
