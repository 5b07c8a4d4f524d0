package access

import (
	"regexp"
	"unicode/utf8"
)

// FactorStrength is the security class of an authentication factor.
type FactorStrength string

// The factor strengths. FactorUnknown is any factor type outside the registry.
const (
	FactorWeak    FactorStrength = "WEAK"
	FactorMedium  FactorStrength = "MEDIUM"
	FactorStrong  FactorStrength = "STRONG"
	FactorUnknown FactorStrength = "UNKNOWN"
)

// FactorStrengths lists every strength, weakest first.
var FactorStrengths = []FactorStrength{FactorWeak, FactorMedium, FactorStrong, FactorUnknown}

var factorStrength = map[string]FactorStrength{
	"sms": FactorWeak, "call": FactorWeak, "voice": FactorWeak, "email": FactorWeak, "e-mail": FactorWeak,
	"question": FactorWeak, "security question": FactorWeak, "security_question": FactorWeak,
	"totp": FactorMedium, "push": FactorMedium, "token:software:totp": FactorMedium, "otp": FactorMedium,
	"webauthn": FactorStrong, "fido2": FactorStrong, "fido": FactorStrong, "u2f": FactorStrong, "passkey": FactorStrong,
	"smart card": FactorStrong, "smart_card": FactorStrong, "smartcard": FactorStrong, "biometric": FactorStrong,
}

// StrengthOf classifies a factor type; case does not matter.
func StrengthOf(factor string) FactorStrength {
	if s, ok := factorStrength[Fold(factor)]; ok {
		return s
	}
	return FactorUnknown
}

// nonHumanTypes are the source types that name something that is not a person.
var nonHumanTypes = map[string]bool{
	"service account": true, "service_account": true, "service_principal": true, "service principal": true,
	"service_role": true, "service role": true, "bot": true, "app": true,
}

var nonHumanName = regexp.MustCompile(`(?i)(^|[-_.])(svc|service|bot|robot|integration|api|system)([-_.]|$)`)

// nonHumanWords are those of nonHumanName.
var nonHumanWords = []string{"SVC", "SERVICE", "BOT", "ROBOT", "INTEGRATION", "API", "SYSTEM"}

// NonHumanSourceType reports whether a source type names a non-human account.
func NonHumanSourceType(sourceType string) bool { return nonHumanTypes[Fold(sourceType)] }

// ClassifyServiceAccount decides whether an identity is non-human from its source type,
// else from its name, and says why; the reason is empty when it is not.
func ClassifyServiceAccount(sourceType, name string) (Tristate, string) {
	if NonHumanSourceType(sourceType) {
		return True, "source type " + sourceType
	}
	if word := nonHumanWord(name); word != "" {
		return True, "name contains " + word
	}
	return False, ""
}

// nonHumanWord is the first part of the name that nonHumanName takes for a non-human one.
func nonHumanWord(name string) string {
	for rest := name; ; {
		end := 0
		for end < len(rest) && rest[end] != '-' && rest[end] != '_' && rest[end] != '.' {
			if rest[end] >= utf8.RuneSelf { // the expression knows how other letters fold
				if m := nonHumanName.FindStringSubmatch(name); m != nil {
					return m[2]
				}
				return ""
			}
			end++
		}
		for _, word := range nonHumanWords {
			if equalASCII(rest[:end], word) {
				return rest[:end]
			}
		}
		if end == len(rest) {
			return ""
		}
		rest = rest[end+1:]
	}
}
