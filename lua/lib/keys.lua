-- Key names: the only place inside scripts that makes them. orchestrator/keys.py is its twin; a test compares the two.
-- @include call

-- Names that are asked for again and again are made once; they outlive the call.
local MOST_KEYS = 512
local made, made_for, keys_kept = {}, nil, 0

local function kept(kind, name)
  if made_for ~= PREFIX or keys_kept > MOST_KEYS then made, made_for, keys_kept = {}, PREFIX, 0 end
  local of_kind = made[kind]
  if not of_kind then
    of_kind = {}
    made[kind] = of_kind
  end
  local found = of_kind[name]
  if not found then
    found = PREFIX .. kind .. name
    of_kind[name], keys_kept = found, keys_kept + 1
  end
  return found
end

local function key(name) return kept('', name) end
local function ready_key(lane) return kept('ready:', lane) end
local function lane_key(lane) return kept('lane:', lane) end
local function wake_key(lane) return kept('wake:', lane) end
local function by_key(status) return kept('by:', status) end
local function doc_key(id) return PREFIX .. 'doc:' .. id end
local function data_key(id) return PREFIX .. 'doc:' .. id .. ':data' end
local function log_key(id) return PREFIX .. 'doc:' .. id .. ':log' end
-- part: nil (the records), data, done, failed, handed, open, due
local function fan_key(id, step, part) return PREFIX .. 'doc:' .. id .. ':' .. step .. (part and ':' .. part or '') end
local function plan_key(pipeline) return PREFIX .. 'pipeline:' .. pipeline end
local function tenant_key(tenant) return PREFIX .. 'tenant:' .. tenant end
local function slot_key(name) return PREFIX .. 'slot:' .. name end
local function worker_key(id) return PREFIX .. 'worker:' .. id end
local function name_of_slot(slot_record) return string.sub(slot_record, #PREFIX + 6) end
