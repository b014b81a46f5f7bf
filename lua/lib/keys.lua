-- Key names: the only place inside scripts that makes them. orchestrator/keys.py is its twin; a test compares the two.
-- @include call

-- Names that are asked for again and again are made once; they outlive the call.
local MOST_KEYS = 512
local keys_kept = 0

local function keep_name(kind, name)
  if not key_names or keys_kept > MOST_KEYS then
    key_names, keys_kept = { [''] = {}, ['ready:'] = {}, ['lane:'] = {}, ['wake:'] = {}, ['by:'] = {} }, 0
  end
  local made = PREFIX .. kind .. name
  key_names[kind][name], keys_kept = made, keys_kept + 1
  return made
end

local function kept_name(kind, name) return key_names and key_names[kind][name] or keep_name(kind, name) end

local function key(name) return key_names and key_names[''][name] or keep_name('', name) end
local function ready_key(lane) return kept_name('ready:', lane) end
local function lane_key(lane) return kept_name('lane:', lane) end
local function wake_key(lane) return kept_name('wake:', lane) end
local function by_key(status) return kept_name('by:', status) end
local function doc_key(id) return PREFIX .. 'doc:' .. id end
local function data_key(id) return PREFIX .. 'doc:' .. id .. ':data' end
local function log_key(id) return PREFIX .. 'doc:' .. id .. ':log' end
-- part: nil (the records), data, done, failed, handed, open, due, ran
local function fan_key(id, step, part) return PREFIX .. 'doc:' .. id .. ':' .. step .. (part and ':' .. part or '') end
local function plan_key(pipeline) return PREFIX .. 'pipeline:' .. pipeline end
-- part: nil (the definition), log
local function schedule_key(name, part) return PREFIX .. 'schedule:' .. name .. (part and ':' .. part or '') end
local function cache_key(digest) return PREFIX .. 'cache:' .. digest end
local function cached_key(id) return PREFIX .. 'cached:' .. id end
local function held_key(reason) return PREFIX .. 'held:' .. reason end
local function limit_key(name) return PREFIX .. 'limit:' .. name end
local function started_key(pipeline) return PREFIX .. 'started:' .. pipeline end
-- part: nil (what is known of it), open, names, refused
local function batch_key(id, part) return PREFIX .. 'batch:' .. id .. (part and ':' .. part or '') end
local function tenant_key(tenant) return PREFIX .. 'tenant:' .. tenant end
-- part: nil (what is known of it), deliveries
local function hook_key(id, part) return PREFIX .. 'hook:' .. id .. (part and ':' .. part or '') end
local function hooks_key(whose) return PREFIX .. 'hooks:' .. whose end
local function slot_key(name) return PREFIX .. 'slot:' .. name end
local function worker_key(id) return PREFIX .. 'worker:' .. id end
local function name_of_slot(slot_record) return string.sub(slot_record, #PREFIX + 6) end
