import { createTheme, type CSSVariablesResolver, type MantineColorsTuple } from '@mantine/core';
import { dark, fixedVariables, light, paletteVariables, radius, type, type Palette } from './tokens';

const accent: MantineColorsTuple = [
  '#eef0fb', '#dde1f6', '#c3caee', '#aab4ff', '#8b97e6', '#6c7ad2', '#5363c4', '#3f4fb0', '#354398', '#2b377d',
];

// Mantine's greys of the dark theme, cool as ours: text first, the deepest background last.
const greys: MantineColorsTuple = [
  dark.text, dark.textSoft, dark.lineStrong, '#5d6674', '#3a424e', dark.line, dark.sunken, dark.surface, dark.bg, '#0e1115',
];

export const theme = createTheme({
  primaryColor: 'accent',
  primaryShade: { light: 7, dark: 6 },
  colors: { accent, dark: greys },
  fontFamily: type.family,
  fontFamilyMonospace: type.mono,
  fontSizes: { xs: type.xs, sm: type.sm, md: type.md, lg: type.lg, xl: type.xl },
  headings: { fontFamily: type.family, fontWeight: '600' },
  radius: { xs: '3px', sm: radius.sm, md: radius.md, lg: radius.lg, xl: '16px' },
  defaultRadius: 'md',
  cursorType: 'pointer',
  respectReducedMotion: true,
  components: {
    Button: { defaultProps: { size: 'sm' } },
    TextInput: { defaultProps: { size: 'sm' } },
    Select: { defaultProps: { size: 'sm', comboboxProps: { withinPortal: true } } },
    Menu: { defaultProps: { shadow: 'md', offset: 6 } },
    Popover: { defaultProps: { shadow: 'md', offset: 6 } },
    Tooltip: { defaultProps: { openDelay: 400, withArrow: false } },
    Modal: { defaultProps: { closeButtonProps: { 'aria-label': 'Close' } } },
    Drawer: { defaultProps: { closeButtonProps: { 'aria-label': 'Close' } } },
  },
});

// Mantine's own names get our colours, so that its parts look like ours and keep their contrast.
function mantine(p: Palette): Record<string, string> {
  return {
    '--mantine-color-body': p.surface,
    '--mantine-color-text': p.text,
    '--mantine-color-dimmed': p.textSoft,
    '--mantine-color-placeholder': p.textSoft,
    '--mantine-color-error': p.bad,
    '--mantine-color-anchor': p.accent,
    '--mantine-color-default': p.surface,
    '--mantine-color-default-hover': p.hover,
    '--mantine-color-default-color': p.text,
    '--mantine-color-default-border': p.lineStrong,
    '--mantine-primary-color-light': p.accentSoft,
    '--mantine-primary-color-light-hover': p.accentSoft,
    '--mantine-primary-color-light-color': p.accent,
  };
}

export const resolver: CSSVariablesResolver = () => ({
  variables: fixedVariables(),
  light: { ...paletteVariables(light), ...mantine(light) },
  dark: { ...paletteVariables(dark), ...mantine(dark) },
});
