package testcloud_test

// differences are the verdicts in which the emulator cannot follow the
// description, each with the reason.
func differences() []difference {
	return nil
}
