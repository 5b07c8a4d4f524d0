package directory

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
)

// metadataV1 are the text members of metadata version v1. The last four are internal:
// they are kept so that a downloaded file can be uploaded without losing where it came from.
var metadataV1 = map[string]bool{
	"manager id": true, "manager name": true, "employee": true, "role id": true,
	"app": true, "correlation id": true, "tenant": true, "timestamp": true,
}

// checkMetadataV1 checks a JSON object against version v1: nothing unknown, texts only,
// and location an object with a text address.
func checkMetadataV1(object string) error {
	var members map[string]any
	if err := json.Unmarshal([]byte(object), &members); err != nil {
		return fmt.Errorf("the cell is no JSON object")
	}
	for _, name := range slices.Sorted(maps.Keys(members)) {
		value := members[name]
		switch {
		case name == "location":
			if err := checkLocation(value); err != nil {
				return err
			}
		case !metadataV1[name]:
			return fmt.Errorf("metadata v1 knows no member %q; it knows location, %s", name, joined(metadataV1))
		default:
			if _, ok := value.(string); !ok {
				return fmt.Errorf("member %q must be a text", name)
			}
		}
	}
	return nil
}

func checkLocation(value any) error {
	location, ok := value.(map[string]any)
	if !ok {
		return fmt.Errorf("member \"location\" must be an object with an address")
	}
	for _, name := range slices.Sorted(maps.Keys(location)) {
		if name != "address" {
			return fmt.Errorf("member \"location\" knows no %q; it knows address", name)
		}
		if _, ok := location[name].(string); !ok {
			return fmt.Errorf("the address of member \"location\" must be a text")
		}
	}
	return nil
}

func joined(names map[string]bool) string {
	out := ""
	for _, name := range slices.Sorted(maps.Keys(names)) {
		if out != "" {
			out += ", "
		}
		out += name
	}
	return out
}
