import { useId } from "react";
import { useLanguage } from "../shared/i18n/language";
import { LANGUAGES, type Language } from "../shared/i18n/messages";
import { THEMES, type Theme, useTheme } from "../shared/ui/theme";

export function Footer() {
  const { messages, language, speak } = useLanguage();
  const { theme, choose } = useTheme();
  const { brand, shell } = messages.everywhere;
  return (
    <footer className="mt-16 border-line border-t bg-sunken">
      <div className="page flex flex-wrap items-end justify-between gap-8 py-10">
        <div className="grid max-w-md gap-1">
          <p className="font-display font-semibold text-xl">{brand}</p>
          <p>{shell.motto}</p>
          <p className="mt-2 text-sm text-soft">{shell.about}</p>
        </div>
        <div className="flex flex-wrap gap-4">
          <Choice
            label={shell.language}
            value={language}
            options={LANGUAGES.map(({ code, name }) => [code, name])}
            onChoose={(code) => void speak(code as Language)}
          />
          <Choice
            label={shell.theme}
            value={theme}
            options={THEMES.map((name) => [name, shell.themes[name]])}
            onChoose={(name) => choose(name as Theme)}
          />
        </div>
      </div>
    </footer>
  );
}

interface ChoiceProps {
  label: string;
  value: string;
  options: [string, string][];
  onChoose: (value: string) => void;
}

function Choice({ label, value, options, onChoose }: ChoiceProps) {
  const id = useId();
  return (
    <div className="grid gap-1">
      <label htmlFor={id} className="text-sm text-soft">
        {label}
      </label>
      <select id={id} className="control min-w-40" value={value} onChange={({ target }) => onChoose(target.value)}>
        {options.map(([code, name]) => (
          <option key={code} value={code}>
            {name}
          </option>
        ))}
      </select>
    </div>
  );
}
