-- Key names: the only place inside scripts that makes them. orchestrator/keys.py is its twin; a test compares the two.
-- @include call

local function key(name) return PREFIX .. name end
local function ready_key(lane) return PREFIX .. 'ready:' .. lane end
local function lane_key(lane) return PREFIX .. 'lane:' .. lane end
local function wake_key(lane) return PREFIX .. 'wake:' .. lane end
local function doc_key(id) return PREFIX .. 'doc:' .. id end
local function data_key(id) return PREFIX .. 'doc:' .. id .. ':data' end
local function log_key(id) return PREFIX .. 'doc:' .. id .. ':log' end
-- part: nil (the records), data, done, failed, handed, open, due
local function fan_key(id, step, part) return PREFIX .. 'doc:' .. id .. ':' .. step .. (part and ':' .. part or '') end
local function plan_key(pipeline) return PREFIX .. 'pipeline:' .. pipeline end
local function by_key(status) return PREFIX .. 'by:' .. status end
local function tenant_key(tenant) return PREFIX .. 'tenant:' .. tenant end
local function slot_key(name) return PREFIX .. 'slot:' .. name end
local function worker_key(id) return PREFIX .. 'worker:' .. id end
local function name_of_slot(slot_record) return string.sub(slot_record, #PREFIX + 6) end
