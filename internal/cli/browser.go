package cli

import (
	"os"
	"os/exec"
	"runtime"
)

// OpenBrowser opens url in the desktop's browser; false when there is no desktop.
func OpenBrowser(url string) bool {
	var command string
	switch {
	case runtime.GOOS == "darwin":
		command = "open"
	case runtime.GOOS == "windows":
		c := exec.Command("rundll32", "url.dll,FileProtocolHandler", url)
		return start(c)
	case os.Getenv("DISPLAY") != "" || os.Getenv("WAYLAND_DISPLAY") != "":
		command = "xdg-open"
	default:
		return false
	}
	path, err := exec.LookPath(command)
	if err != nil {
		return false
	}
	return start(exec.Command(path, url))
}

func start(c *exec.Cmd) bool {
	if c.Start() != nil {
		return false
	}
	go func() { _ = c.Wait() }() // the viewer's end is nobody's business, but it must not stay a zombie
	return true
}
