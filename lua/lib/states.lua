-- The words of orchestrator/states.py that end something; a test compares the two.

local FINAL_DOCUMENT = { succeeded = true, partial = true, failed = true, cancelled = true }
local FINAL_JOB = { done = true, failed = true, cancelled = true, skipped = true }
