/** A person picked by name where the reader may know people, else by id. */
import { type Contact, personName } from "./shapes.ts";

type Given = { contacts: Contact[] | null; chosen: string; label: string };

export const ContactChoice = ({ contacts, chosen, label }: Given) => {
  const known = contacts ?? [];
  if (known.length === 0)
    return (
      <label class="field">
        <span class="label">{label} (id)</span>
        <input name="contact" value={chosen} maxlength={200} required autocomplete="off" />
      </label>
    );
  return (
    <label class="field">
      <span class="label">{label}</span>
      <select name="contact" required>
        {chosen === "" || known.some(({ id }) => id === chosen) ? null : (
          <option value={chosen} selected>
            {chosen}
          </option>
        )}
        {known.map(({ id, name, language }) => (
          <option value={id} selected={id === chosen}>
            {personName(name)}
            {language ? `, ${language}` : ""}
          </option>
        ))}
      </select>
    </label>
  );
};
